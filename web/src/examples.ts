/** Queries to begin with. Each must be valid against `schema.graphql`. */
export interface Example {
  title: string
  query: string
  variables?: string
}

export const examples: Example[] = [
  {
    title: 'Tôi là ai / Who am I',
    query: `# Tài khoản đang đăng nhập.
query ToiLaAi {
  viewer {
    account {
      username
      displayName
    }
  }
}
`,
  },
]
